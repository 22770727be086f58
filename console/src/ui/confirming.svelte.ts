/** Acts before which the centre wants to know again who it is: asked for, and then done. The page shows `me/Confirm` while somebody is asked. */

import { ApiProblem } from "../api/client";

export class Confirming {
  /** Somebody is asked; to be called with whether they showed who they are. */
  asked = $state.raw<((isConfirmed: boolean) => void) | null>(null);

  /** Do it; where the centre wants to know again who it is, ask, and then do it. */
  run = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === "access.confirm")) throw error;
      const isConfirmed = await new Promise<boolean>((done) => (this.asked = done));
      this.asked = null;
      if (!isConfirmed) throw error;
      return act();
    }
  };
}
