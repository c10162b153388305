import { Hono } from 'hono'
import type { ApiEnvironment } from '../environment.ts'
import type { PageSetting } from '../web/pages.ts'
export const accountPages = (_: PageSetting) => new Hono<ApiEnvironment>()
