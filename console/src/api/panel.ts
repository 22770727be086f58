/** Panel sheets, and links to the keys of accounts: of any account, or of one that somebody looks after. */

import { get, post, remove } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type KeyLinkItem = Schemas["KeyLinkItem"];
export type KeyLinkMade = Schemas["KeyLinkMade"];

const place = (account: string, isOwn: boolean): `/${string}` => `${isOwn ? "/own" : ""}/accounts/${account}`;

export const sheetAddress = (account: string, isOwn = false): string => `/api/v1${place(account, isOwn)}/sheet`;
export const keyLinks = async (account: string, isOwn: boolean, signal: AbortSignal): Promise<KeyLinkItem[]> =>
  (await get<Schemas["KeyLinksAnswer"]>(`${place(account, isOwn)}/key-links`, {}, { signal })).items;
export const giveKeyLink = (account: string, isOwn: boolean, body: Schemas["GiveKeyLinkBody"]): Promise<KeyLinkMade> => post(`${place(account, isOwn)}/key-links`, body);
export const endKeyLink = (id: string): Promise<void> => remove(`/key-links/${id}`);
