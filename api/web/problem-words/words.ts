/**
 * The sentences for one problem: its meaning and its fix, for people on a page. `team` speaks to operators in the console; `en` and `pt`
 * speak to customers on the account page, if the problem can reach them there.
 */
export type ProblemWords =
  | { readonly team: string; readonly en?: undefined; readonly pt?: undefined }
  | { readonly team: string; readonly en: string; readonly pt: string }
