import type { AskApi } from '../ask.ts'
import type { Access } from '../auth/access.ts'
import type { ApiDependencies, PagesConfig } from '../environment.ts'
import type { Assets } from './assets.ts'

/** Everything that pages use. */
export type PageDependencies = ApiDependencies & {
  readonly pages: PagesConfig
  readonly callers: Access
  /** Calls the API inside this process, as the user or operator who signed in. */
  readonly ask: AskApi
}

/** The parts that every page of the console and of the account page can use. */
export type PageSetting = PageDependencies & {
  readonly assets: Assets
  /** The public address is HTTPS: cookies are then sent over HTTPS only. */
  readonly secure: boolean
}
