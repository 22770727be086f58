/** Stills of an incident: masked, and for minutes without their mask. */

import { address, get, post } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type StillItem = Schemas["StillItem"];
export type StillsAnswer = Schemas["StillsAnswer"];
export type StillLift = Schemas["StillLiftBody"]["reason"];
export type StillMask = Schemas["StillMaskBody"]["reason"];
export type StillLiftAnswer = Schemas["StillLiftAnswer"];

const place = (incident: string, still: string) => `/incidents/${incident}/stills/${still}` as const;

export const stillsOf = (incident: string, signal: AbortSignal): Promise<StillsAnswer> => get(`/incidents/${incident}/stills`, {}, { signal });
export const maskedOf = (incident: string, still: string): string => address(`${place(incident, still)}/masked`);
export const liftMask = (incident: string, still: string, reason: StillLift): Promise<StillLiftAnswer> => post(`${place(incident, still)}/lift`, { reason });
/** Good once, and for half a minute. */
export const clearOf = (incident: string, still: string, word: string): string => address(`${place(incident, still)}/clear`, { word });
export const maskAgain = (incident: string, still: string, word: string, reason: StillMask): Promise<void> => post(`${place(incident, still)}/mask`, { reason, word });
