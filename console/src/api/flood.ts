/** Whether an alarm flood goes on, and the load against targets. */
import type { components } from "./schema";
import { get } from "./client";

export type FloodAnswer = components["schemas"]["FloodAnswer"];
export type Load = components["schemas"]["Load"];

export const floodNow = (signal: AbortSignal): Promise<FloodAnswer> => get<FloodAnswer>("/flood", {}, { signal });
