/** Put the focus on the first field of a form that is marked as wrong, once the page shows which. */
import { tick } from "svelte";

export async function focusWrong(form: HTMLElement): Promise<void> {
  await tick();
  form.querySelector<HTMLElement>("[aria-invalid='true'], [data-wrong]")?.focus();
}
