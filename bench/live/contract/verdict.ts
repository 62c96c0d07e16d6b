/** Whether a statement holds somewhere; where it does not, what was seen instead. */
export type Verdict =
  | { readonly id: string; readonly holds: true }
  | { readonly id: string; readonly holds: false; readonly instead: string }
