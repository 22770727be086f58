/** The words of the phone page, in the language of this page. */
export { duty as d } from "./duty.en";
