/** Ends the shared n8n and removes its folder. */
export default async function teardown(): Promise<void> {
	await globalThis.sharedTestbed?.close();
}
