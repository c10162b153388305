import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { METRICS, type Metric } from '../../adapters/telemetry/metrics.ts'

const ROOT = join(import.meta.dirname, '../..')
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const FOLDER = 'docs/observability'
const page = textOf('docs/observability.md')
const alerts: { alert: string; expr: string; annotations: { runbook: string } }[] = parse(
  textOf(`${FOLDER}/alerts.yaml`),
).groups.flatMap((group: { rules: unknown[] }) => group.rules)
const dashboards = readdirSync(join(ROOT, FOLDER, 'grafana/dashboards')).map((name) =>
  JSON.parse(textOf(`${FOLDER}/grafana/dashboards/${name}`)),
)
const compose = parse(textOf('docker-compose.yml'), { merge: true })

/** The name in Prometheus of a metric that arrives by OTLP. */
function seriesOf(name: string, { kind, unit }: Pick<Metric, 'kind' | 'unit'>): string[] {
  const named = name.replaceAll('.', '_') + (unit === 's' ? '_seconds' : '')
  if (kind === 'counter') return [`${named}_total`]
  return kind === 'gauge' ? [named] : ['_bucket', '_count', '_sum'].map((end) => named + end)
}

/** As the page says the dashboards show them; a latency is a histogram in seconds. */
const ofTemporal = [...page.matchAll(/`(temporal_\w+)`/g)].flatMap(([, name]) =>
  seriesOf(name!, {
    kind: name!.endsWith('_latency')
      ? 'histogram'
      : name!.endsWith('_failed')
        ? 'counter'
        : 'gauge',
    unit: name!.endsWith('_latency') ? 's' : '',
  }),
)
/** Each series, and the labels that it has. */
const known = new Map<string, readonly string[] | undefined>([
  ...Object.entries(METRICS).flatMap(([name, metric]) =>
    seriesOf(name, metric).map((series) => {
      const labels = metric.attributes.map((each) => each.replaceAll('.', '_'))
      return [series, [...labels, 'le', 'job', 'instance']] as const
    }),
  ),
  ...ofTemporal.map((series) => [series, undefined] as const),
])

const expressions = [
  ...alerts.map(({ expr }) => expr),
  ...dashboards.flatMap(({ panels }) =>
    panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
      targets.map(({ expr }) => expr),
    ),
  ),
]
const SERIES = /\b(?:perennial|temporal)_\w+(?=[{[)\s]|$)/g

describe('alerts and dashboards', () => {
  test.each(expressions)('%s queries only metrics that exist', (expression) => {
    const labels = [...expression.matchAll(/(?:by \(|\{)([^)}]*)[)}]/g)]
      .flatMap(([, list]) => list!.split(','))
      .map((label) => /^\s*(\w+)/.exec(label)?.[1])
    const series = [...expression.matchAll(SERIES)]
      .map(([name]) => name)
      .filter((name) => !labels.includes(name))
    expect(series.length).toBeGreaterThan(0)
    expect(series.filter((name) => !known.has(name))).toEqual([])
    for (const name of series) {
      const has = known.get(name) ?? labels
      expect(labels.filter((label) => label && !has.includes(label))).toEqual([])
    }
  })

  test('use each metric', () => {
    const unseen = Object.entries(METRICS)
      .filter(([name, metric]) => {
        const series = seriesOf(name, metric)
        return !expressions.some((each) => series.some((one) => each.includes(one)))
      })
      .map(([name]) => name)
    expect(unseen).toEqual([])
  })

  test('have a section of the page each, and no other alert has one', () => {
    const sections = [...page.split('\n## Alerts\n')[1]!.matchAll(/^### (\w+)$/gm)]
    expect(sections.map(([, name]) => name)).toEqual(alerts.map(({ alert }) => alert))
    for (const { alert, annotations } of alerts)
      expect(annotations.runbook).toBe(`docs/observability.md#${alert.toLowerCase()}`)
  })
})

test('the page lists each metric, its unit and its attributes', () => {
  const rows = [...page.matchAll(/^\| `(perennial[\w.]+)`\s*\| `([^`]+)`\s*\| ([^|]+)\|/gm)]
  const listed = rows.map(([, name, unit, attributes]) => [
    name,
    unit,
    [...attributes!.matchAll(/`([^`]+)`/g)].map(([, each]) => each),
  ])
  expect(listed).toEqual(
    Object.entries(METRICS).map(([name, { unit, attributes }]) => [name, unit, [...attributes]]),
  )
})

describe('the profiles of the compose file', () => {
  const inProfile = (profile: string) =>
    Object.entries<any>(compose.services)
      .filter(([, { profiles = [] }]) => profiles.includes(profile))
      .map(([name]) => name)

  test('are two, and start nothing unless they are chosen', () => {
    expect(inProfile('observability')).toEqual(['collector', 'prometheus', 'tempo', 'grafana'])
    expect(inProfile('stripe')).toEqual(['stripe-listen'])
  })

  test('mount files that exist', () => {
    const files = Object.values<any>(compose.services)
      .flatMap(({ volumes = [] }) => volumes as string[])
      .filter((volume) => volume.startsWith('./'))
      .map((volume) => volume.split(':')[0]!)
    expect(files.length).toBeGreaterThan(6)
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([])
  })

  test('reach each other by their names', () => {
    const addresses = ['collector.yaml', 'grafana/datasources.yaml']
      .flatMap((file) => [...textOf(`${FOLDER}/${file}`).matchAll(/http:\/\/([\w-]+):\d+/g)])
      .map(([, host]) => host!)
    expect(new Set(addresses)).toEqual(new Set(['tempo', 'prometheus']))
  })

  test('show each dashboard under its own uid, from provisioned sources', () => {
    expect(dashboards.length).toBeGreaterThan(0)
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(dashboards.length)
    const sources = parse(textOf(`${FOLDER}/grafana/datasources.yaml`)).datasources
    const uids = new Set(sources.map(({ uid }: { uid: string }) => uid))
    for (const { panels } of dashboards)
      for (const { datasource } of panels) expect(uids).toContain(datasource.uid)
  })
})
