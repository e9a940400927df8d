/** The part of the package that we use; it has no types of its own. */
declare module '@20minutes/s3rver' {
	import type { AddressInfo } from 'node:net';

	export default class S3rver {
		constructor(options: {
			address: string;
			port: number;
			silent: boolean;
			directory: string;
			vhostBuckets: boolean;
			configureBuckets: Array<{ name: string }>;
		});
		run(): Promise<AddressInfo>;
		close(): Promise<void>;
	}
}
