/** Texts of merging and splitting. */
export { regroup } from "./regroup.en";
