/** What an administrator does to others: from a desk that was left, nobody does it before the password is given again. */

import * as api from "../../api/people";
import { Confirming } from "../../ui/confirming.svelte";

export const confirming = new Confirming();

const guarded = <Given extends unknown[], Answer>(act: (...given: Given) => Promise<Answer>) =>
  (...given: Given): Promise<Answer> => confirming.run(() => act(...given));

export const changeUser = guarded(api.changeUser);
export const endGrant = guarded(api.endGrant);
export const grant = guarded(api.grant);
export const makeLink = guarded(api.makeLink);
export const makeToken = guarded(api.makeToken);
export const makeUser = guarded(api.makeUser);
export const removeUser = guarded(api.removeUser);
export const removeUsersTotp = guarded(api.removeUsersTotp);
export const revokeToken = guarded(api.revokeToken);
