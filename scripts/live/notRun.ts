/** The pass cannot or may not go on. Says nothing about the service. */
export class NotRun extends Error {}
