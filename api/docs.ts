import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { absolutePath } from 'swagger-ui-dist'
import type { ApiEnvironment } from './environment.ts'
import { answerPrepared, prepare, type Prepared } from './prepared.ts'

const ASSETS = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
} as const

/** The API reference by Swagger UI. The page loads nothing from other hosts. Its files are read once, when they are needed. */
export function docs() {
  const files = new Map<string, Promise<Prepared>>()
  const fileOf = (asset: keyof typeof ASSETS) => {
    const known = files.get(asset)
    if (known !== undefined) return known
    const read = readFile(join(absolutePath(), asset)).then((body) => prepare(body, ASSETS[asset]))
    files.set(asset, read)
    return read
  }
  return new Hono<ApiEnvironment>()
    .get('/docs', (c) => c.html(page))
    .get('/docs/start.js', (c) => c.body(START, 200, { 'content-type': 'text/javascript' }))
    .get('/docs/:asset{swagger-ui(-bundle)?\\.(css|js)}', async (c) => {
      const asset = c.req.param('asset')
      if (!isAsset(asset)) return c.notFound()
      return answerPrepared(c, await fileOf(asset))
    })
}

const isAsset = (name: string): name is keyof typeof ASSETS => Object.hasOwn(ASSETS, name)

const START = `window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, persistAuthorization: true })`

const page = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Perennial API</title>
      <link rel="stylesheet" href="/docs/swagger-ui.css" />
    </head>
    <body>
      <div id="docs"></div>
      <script src="/docs/swagger-ui-bundle.js"></script>
      <script src="/docs/start.js"></script>
    </body>
  </html>`
