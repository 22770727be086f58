/** The words of the call form, in the language of this console. */
export { call as c } from "./call.en";
