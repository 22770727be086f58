/** Makers whose panels are known: asked for once, when the first form of an account opens. */

import { profiles, type ProfileItem } from "../../api/configuration";

class Makers {
  #items = $state.raw<ProfileItem[]>([]);
  #isAsked = false;

  /** All of them; `kept` is among them though the list does not know it, or is not there yet. */
  all(kept: string): { profile: string; maker: string }[] {
    const isKnown = kept === "" || this.#items.some((maker) => maker.profile === kept);
    return isKnown ? this.#items : [...this.#items, { profile: kept, maker: kept }];
  }

  one(profile: string): ProfileItem | undefined {
    return this.#items.find((maker) => maker.profile === profile);
  }

  load(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    profiles().then(
      (answer) => {
        this.#items = answer.items;
      },
      () => {
        this.#isAsked = false; // the next form asks again; this one goes without
      },
    );
  }
}

export const makers = new Makers();
