/** What tests of a real n8n import. */
export { fixture, FIXTURES, formOf, mediaFixtures, sha256, type MediaFile } from './fixtures';
export { shared } from './jest/shared';
export { useTestbed } from './jest/use-testbed';
export { ROOT } from './lib/paths';
export { until } from './lib/until';
export * from './n8n';
export type { Testbed, TestbedOptions } from './testbed';
export * from './video-node';
export * from './workflow';
