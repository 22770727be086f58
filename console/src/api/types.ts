/** What the API takes and answers, by hand from `web/api/types.py` until they are generated from OpenAPI. */

export type HazardClass =
  | "fire" | "explosion" | "medical" | "rescue" | "hazmat" | "flood_weather" | "intrusion" | "robbery_holdup"
  | "theft" | "violence" | "missing_person" | "trafficking_kidnap" | "collision" | "utility" | "technical"
  | "welfare_check";
export type Priority = 1 | 2 | 3 | 4;
export type Condition = "active" | "returned";
export type Presentation = "shown" | "shelved" | "on_test" | "out_of_service";
export type State = "open" | "closed";
export type Disposition = "real" | "unwanted" | "test" | "fault" | "cancelled" | "duplicate" | "not_found";
export type ReopenReason = "closed_by_mistake" | "active_again" | "more_to_do";
export type Micros = number;

export interface IncidentItem {
  account: string | null;
  account_id: string | null;
  account_name: string | null;
  claimed_at: Micros | null;
  claimed_by: string | null;
  closed_at: Micros | null;
  closed_by: string | null;
  code: string | null;
  condition: Condition;
  confirmed: boolean;
  disposition: Disposition | null;
  exercise: boolean;
  hazard: HazardClass;
  id: string;
  last_at: Micros;
  number: number;
  opened_at: Micros;
  origin: "signal" | "centre";
  presentation: Presentation;
  priority: Priority;
  reason: string;
  signals: number;
  silent: boolean;
  site: string | null;
  site_id: string | null;
  state: State;
  type: string;
  version: number;
  zone: string | null;
  zone_name: string | null;
}

export interface IncidentPage { items: IncidentItem[]; live: string; next: string | null; total: number }
export interface TypeItem {
  type: string; short: string; hazard: HazardClass; meaning: string; opened_by: "any" | "person" | "centre"; priority: Priority;
  questions: string[]; checks: string[]; first_units: string[];
}
export interface Coded { code: string; words: string }
export interface CatalogueAnswer { version: string; types: TypeItem[]; dispositions: Coded[]; reopen_reasons: Coded[] }
export interface TimelineItem {
  seq: number; at: Micros; kind: string; actor: string | null; cause: number | null; words: string; note: string | null;
}
export interface SignalItem {
  seq: number; id: string; received_at: Micros; device_time: Micros | null; account: string; account_id: string | null;
  account_name: string | null; code: string | null; meaning: string | null; kind: string | null; zone: string | null;
  zone_name: string | null; partition: string | null; outcome: string; reason: string; incident: string | null;
  duplicates: number; encrypted: boolean; disputed: boolean; transport: "tcp" | "udp" | "tls"; has_text: boolean;
}
export interface Point {
  account: string; account_id: string | null; code: string; format: string; kind: string; type: string;
  zone: string | null;
}
export interface IncidentDetail {
  incident: IncidentItem; type: TypeItem | null; why: string; address: string | null; directions: string | null;
  points: Point[]; timeline: TimelineItem[]; signals: SignalItem[]; live: string;
}
export interface SignalText { seq: number; text: string | null; user: string | null }
export interface NoteItem { note: string; text: string | null }
export interface IncidentTexts { signals: SignalText[]; notes: NoteItem[] }
export interface CommandAnswer { incident: IncidentItem; seq: number }
export interface Problem {
  type: string; title: string; status: number; code: string; detail: string;
  incident?: IncidentItem | null; retry_after_s?: number | null; problems?: string[] | null;
}
export interface UserItem { id: string; name: string; roles: string[] }
export interface SessionAnswer {
  user: UserItem; permissions: string[]; centre: string; version: string; csrf: string; expires_at: Micros; now: Micros;
  is_secure: boolean; demo?: boolean;
}
export interface AccountPlaceItem {
  account_id: string; account: string; name: string | null; site_id: string | null; site: string | null;
  zones: Record<string, string>;
}
export interface PlacesAnswer { accounts: AccountPlaceItem[]; config: number }
export interface UnknownSummary { count: number; oldest_at: Micros | null }
export interface Change { incident?: IncidentItem | null; config?: number | null; personal?: string | null }
export interface Delta { prev: string; changes: Change[] }
export interface Beat { now: Micros; missing: string[]; last_signal_at: Micros | null; unknown: UnknownSummary | null }
export interface Reset { reason: "gap" | "epoch" | "slow" | "rights" }
