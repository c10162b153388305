import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import type { ApiEnvironment } from '../environment.ts'

const ours = (name: string) => new URL(`../assets/${name}`, import.meta.url)
const { resolve } = createRequire(import.meta.url)

const FILES = {
  'page.css': ours('page.css'),
  'charts.js': ours('charts.js'),
  'account.js': ours('account.js'),
  'embed.js': ours('embed.js'),
  'uplot.css': resolve('uplot/dist/uPlot.min.css'),
  'uplot.js': resolve('uplot/dist/uPlot.iife.min.js'),
} as const

export type AssetName = keyof typeof FILES

/** Its address changes with its content, so that it may be kept for good. */
const KEPT = 'public, max-age=31536000, immutable'
/** What has one address for ever is asked for again after an hour. */
const ASKED_AGAIN = 'public, max-age=3600'

export type Assets = {
  /** Where a page finds it. */
  readonly at: (name: AssetName) => string
  readonly routes: Hono<ApiEnvironment>
}

/** What pages load, all of it from this process. It is read once. */
export function createAssets(): Assets {
  const loaded = new Map(
    Object.entries(FILES).map(([name, path]) => {
      const body = new Uint8Array(readFileSync(path))
      const version = createHash('sha256').update(body).digest('hex').slice(0, 12)
      const type = name.endsWith('.css') ? 'text/css' : 'text/javascript'
      return [name, { body, version, type: `${type}; charset=utf-8` }] as const
    }),
  )
  const at = (name: string) => `/assets/${name}?v=${loaded.get(name)?.version ?? ''}`
  const routes = new Hono<ApiEnvironment>().get('/assets/:name', (c) => {
    const asset = loaded.get(c.req.param('name'))
    if (asset === undefined) return c.notFound()
    const isNamed = c.req.query('v') === asset.version
    return c.body(asset.body, 200, {
      'content-type': asset.type,
      'cache-control': isNamed ? KEPT : ASKED_AGAIN,
      // Pages of applications load the script that embeds the account page.
      'cross-origin-resource-policy': 'cross-origin',
    })
  })
  return { at, routes }
}
