/** Ways in beside panels: sources, what came from them, and why a message was refused. */

import { get, post, put, remove } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type SourcesAnswer = Schemas["SourcesAnswer"];
export type SourceItem = Schemas["SourceItem"];
export type SourceDetail = Schemas["SourceDetail"];
export type SourceTokenAnswer = Schemas["SourceTokenAnswer"];
export type MessageAnswer = Schemas["MessageAnswer"];
export type ReadMessage = Schemas["ReadMessage"];
export type MappingItem = Schemas["MappingItem"];
export type MailItem = Schemas["MailItem"];
export type MailBody = Schemas["MailBody"];
export type SourceTestAnswer = Schemas["SourceTestAnswer"];
export type MapLineItem = Schemas["MapLineItem"];
export type WordItem = Schemas["WordItem"];

export const sources = (signal: AbortSignal): Promise<SourcesAnswer> => get("/sources", {}, { signal });
export const source = (id: string, signal: AbortSignal): Promise<SourceDetail> => get(`/sources/${id}`, {}, { signal });
export type MqttBody = Schemas["MqttBody"];
export type PbxBody = Schemas["PbxBody"];
/** How a source sends: signals, to the broker, by mail, calls of a telephone system, or positions of callers. */
export type SourceWay = { mqtt: MqttBody } | { mail: MailBody } | { pbx: PbxBody } | { way: "webhook" | "aml" };
export const makeSource = (accountId: string, way: SourceWay): Promise<SourceItem> => post("/sources", { account_id: accountId, ...way, tokens: [] });
const wayOf = (item: SourceItem): SourceWay =>
  item.mqtt !== null ? { mqtt: item.mqtt } : item.pbx !== null ? { pbx: item.pbx as PbxBody } : { way: item.way === "aml" ? "aml" : "webhook" };
export const setTokens = (item: SourceItem, tokens: string[]): Promise<SourceItem> =>
  put(`/sources/${item.id}`, { account_id: item.account_id, mapping: item.mapping, ...wayOf(item), tokens, version: item.version });
export const setMapping = (item: SourceItem, mapping: MappingItem | null): Promise<SourceItem> =>
  put(`/sources/${item.id}`, { account_id: item.account_id, mapping, ...wayOf(item), tokens: item.tokens, version: item.version });
export const removeSource = (item: SourceItem): Promise<void> => remove(`/sources/${item.id}?version=${item.version}`);
export const makeToken = (item: SourceItem): Promise<SourceTokenAnswer> => post(`/sources/${item.id}/tokens`, { version: item.version });
export const makeSecret = (item: SourceItem): Promise<Schemas["SecretAnswer"]> => post(`/sources/${item.id}/secret`, { version: item.version });
export const removeSecret = (item: SourceItem): Promise<void> => remove(`/sources/${item.id}/secret?version=${item.version}`);
export const explain = (id: string, text: string, contentType: Schemas["MessageBody"]["content_type"], topic: string, mapping: MappingItem | null = null, mailLines: MailItem["lines"] | null = null): Promise<MessageAnswer> =>
  post(`/sources/${id}/message`, { text, content_type: contentType, topic, mapping, mail_lines: mailLines });
export const setMail = (item: SourceItem, mail: MailBody): Promise<SourceItem> =>
  put(`/sources/${item.id}`, { account_id: item.account_id, mail, tokens: [], version: item.version });
export const testSource = (item: SourceItem): Promise<SourceTestAnswer> => post(`/sources/${item.id}/test`, {});
