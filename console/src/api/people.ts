/** The own account, users, roles, tokens, sessions, own sites and accounts: short names, and the questions that the pages ask. */

import { get, patch, post, remove, type Ask } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type ActItem = Schemas["ActItem"];
export type Credentials = Schemas["CredentialsItem"];
export type GrantItem = Schemas["GrantItem"];
export type LinkAnswer = Schemas["LinkAnswer"];
export type MeAnswer = Schemas["MeAnswer"];
export type OwnAccount = Schemas["OwnAccountItem"];
export type OwnIncident = Schemas["OwnIncidentItem"];
export type Role = Schemas["UserBody"]["roles"][number];
export type RolesAnswer = Schemas["RolesAnswer"];
export type Scope = Schemas["TokenBody"]["scopes"][number];
export type SessionItem = Schemas["SessionListItem"];
export type TokenAnswer = Schemas["TokenAnswer"];
export type TokenItem = Schemas["TokenListItem"];
export type TotpAnswer = Schemas["TotpAnswer"];
export type UserDetail = Schemas["UserDetail"];
export type User = Schemas["UserItem"];

const aborting = (signal: AbortSignal | undefined): Ask => (signal === undefined ? {} : { signal });
/** A password is looked at for half a second, and others may be before it. */
const CHECK: Ask = { timeoutS: 30 };

export const approvalContact = async (id: string, signal?: AbortSignal): Promise<string> =>
  (await get<Schemas["ContactAnswer"]>(`/approvals/${id}/contact`, {}, aborting(signal))).contact;
export const me = (signal?: AbortSignal): Promise<MeAnswer> => get("/me", {}, aborting(signal));
export const setPassword = (fresh: string, old: string | null): Promise<Credentials> => post("/me/password", { new: fresh, old }, CHECK);
export const beginTotp = (): Promise<TotpAnswer> => post("/me/totp", undefined, CHECK);
export const confirmTotp = (code: string): Promise<{ codes: string[] }> => post("/me/totp/confirm", { code }, CHECK);
export const removeTotp = (): Promise<Credentials> => post("/me/totp/remove", undefined, CHECK);
export const makeRecoveryCodes = (): Promise<{ codes: string[] }> => post("/me/recovery-codes", undefined, CHECK);
export const setPin = (pin: string): Promise<Credentials> => post("/me/pin", { pin }, CHECK);
export const removePin = (): Promise<void> => remove("/me/pin");
export const confirmIt = (password: string, code: string | null): Promise<void> => post("/session/confirm", { password, code }, CHECK);
export const signOutElsewhere = (): Promise<{ ended: number }> => post("/me/sign-out");
export const endOwnSession = (id: string): Promise<void> => remove(`/me/sessions/${id}`);

export const roles = (signal?: AbortSignal): Promise<RolesAnswer> => get("/roles", {}, aborting(signal));
export const users = async (signal?: AbortSignal): Promise<User[]> => (await get<{ items: User[] }>("/users", {}, aborting(signal))).items;
export const user = (id: string, signal?: AbortSignal): Promise<UserDetail> => get(`/users/${id}`, {}, aborting(signal));
export const makeUser = (name: string, chosen: Role[]): Promise<User> => post("/users", { name, roles: chosen });
export const changeUser = (id: string, change: { name?: string; roles?: Role[] }): Promise<User> => patch(`/users/${id}`, change);
export const removeUser = (id: string): Promise<void> => remove(`/users/${id}`);
export const makeLink = (id: string): Promise<LinkAnswer> => post(`/users/${id}/link`);
export const signUserOut = (id: string): Promise<{ ended: number }> => post(`/users/${id}/sign-out`);
export const removeUsersTotp = (id: string): Promise<UserDetail> => post(`/users/${id}/totp/remove`);

export const grant = (user_id: string, target_id: string): Promise<GrantItem> => post("/grants", { user_id, target_id });
export const endGrant = (user_id: string, target_id: string): Promise<void> => remove(`/grants/${user_id}/${target_id}`);

export const tokens = async (signal?: AbortSignal): Promise<TokenItem[]> =>
  (await get<{ items: TokenItem[] }>("/tokens", {}, aborting(signal))).items;
export const makeToken = (scopes: Scope[], days: number): Promise<TokenAnswer> => post("/tokens", { scopes, days });
export const revokeToken = (id: string): Promise<void> => remove(`/tokens/${id}`);

export const sessions = async (signal?: AbortSignal): Promise<SessionItem[]> =>
  (await get<{ items: SessionItem[] }>("/sessions", {}, aborting(signal))).items;
export const endSession = (id: string): Promise<void> => remove(`/sessions/${id}`);

export const ownIncidents = (signal?: AbortSignal): Promise<{ items: OwnIncident[]; sites: string[] }> => get("/own/incidents", {}, aborting(signal));
export const ownAccounts = async (signal?: AbortSignal): Promise<OwnAccount[]> =>
  (await get<{ items: OwnAccount[] }>("/own/accounts", {}, aborting(signal))).items;
