/** Short names for what the API takes and answers. The types are generated from it (`schema.d.ts`): a field that is renamed
 *  there does not compile here. */

import type { components } from "./schema";

type Schemas = components["schemas"];

/** Microseconds since 1970 UTC. */
export type Micros = number;

export type AccountPlaceItem = Schemas["AccountPlaceItem"];
export type SitePlaceItem = Schemas["SitePlaceItem"];
export type Beat = Schemas["Beat"];
export type CatalogueAnswer = Schemas["CatalogueAnswer"];
export type Change = Schemas["Change"];
export type Coded = Schemas["Coded"];
export type CommandAnswer = Schemas["CommandAnswer"];
export type Delta = Schemas["Delta"];
export type IncidentDetail = Schemas["IncidentDetail"];
export type IncidentItem = Schemas["IncidentItem"];
export type IncidentPage = Schemas["IncidentPage"];
export type IncidentTexts = Schemas["IncidentTexts"];
export type NoteItem = Schemas["NoteItem"];
export type PlacesAnswer = Schemas["PlacesAnswer"];
export type Point = Schemas["Point"];
export type Problem = Schemas["Problem"];
export type Reset = Schemas["Reset"];
export type SessionAnswer = Schemas["SessionAnswer"];
export type SignalItem = Schemas["SignalItem"];
export type SignalText = Schemas["SignalText"];
export type StatusAnswer = Schemas["StatusAnswer"];
export type TimelineItem = Schemas["TimelineItem"];
export type TypeItem = Schemas["TypeItem"];
export type UnknownSummary = Schemas["UnknownSummary"];
export type UserItem = Schemas["UserItem"];
export type UsersAnswer = Schemas["UsersAnswer"];

export type Condition = IncidentItem["condition"];
export type Disposition = NonNullable<IncidentItem["disposition"]>;
export type WaiveReason = NonNullable<Schemas["CloseBody"]["waive"]>;
export type HazardClass = IncidentItem["hazard"];
export type Presentation = IncidentItem["presentation"];
export type Priority = IncidentItem["priority"];
export type ReopenReason = Schemas["ReopenBody"]["reason"];
export type ShelveReason = Schemas["ShelveBody"]["reason"];
export type State = IncidentItem["state"];
