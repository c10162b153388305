import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import type { ApiEnvironment } from '../environment.ts'

const ours = (name: string) => new URL(`../assets/${name}`, import.meta.url)
const { resolve } = createRequire(import.meta.url)

/** The files by name. `uplot` draws the charts. */
const FILES = {
  'page.css': ours('page.css'),
  'charts.js': ours('charts.js'),
  'account.js': ours('account.js'),
  'embed.js': ours('embed.js'),
  'uplot.css': resolve('uplot/dist/uPlot.min.css'),
  'uplot.js': resolve('uplot/dist/uPlot.iife.min.js'),
} as const

export type AssetName = keyof typeof FILES

/** The address changes with the content, so browsers may cache it forever. */
const CACHE_FOREVER = 'public, max-age=31536000, immutable'
/** For an address without a version, which stays the same when the content changes. */
const CACHE_AN_HOUR = 'public, max-age=3600'

/** The assets with their addresses and routes. */
export type Assets = {
  /** The address of an asset, with its version. */
  readonly at: (name: AssetName) => string
  readonly routes: Hono<ApiEnvironment>
}

/** The styles and scripts that pages load. They are read once, and served by this process. */
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
    const isCurrentVersion = c.req.query('v') === asset.version
    return c.body(asset.body, 200, {
      'content-type': asset.type,
      'cache-control': isCurrentVersion ? CACHE_FOREVER : CACHE_AN_HOUR,
      // Applications on other origins load `embed.js`.
      'cross-origin-resource-policy': 'cross-origin',
    })
  })
  return { at, routes }
}
