import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** `npm run record-histories`: writes the golden histories anew instead of replaying them. */
export default defineConfig({ test: { ...base.test, include: ['test/replay/record.ts'] } })
