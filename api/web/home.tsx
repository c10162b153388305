import { Hono } from 'hono'
import { plainPage } from '../console/layout.tsx'
import type { ApiEnvironment } from '../environment.ts'
import { pagePolicy } from './policy.ts'
import type { PageSetting } from './setting.ts'

const PLACES = [
  { path: '/docs', name: 'API reference' },
  { path: '/console', name: 'Console, for operators' },
  { path: '/account', name: 'Account page, for customers' },
  { path: '/pricing', name: 'Pricing page, for everybody' },
  { path: '/openapi.json', name: 'OpenAPI document' },
] as const

/** The address of the service itself: what this is, and the way to everything else. */
export const homePage = ({ assets }: PageSetting) =>
  new Hono<ApiEnvironment>().use('/', pagePolicy([])).get('/', (c) =>
    c.html(
      plainPage({
        title: 'Billing',
        assets,
        children: (
          <div class="card">
            <header>
              <h1>Subscription billing</h1>
            </header>
            <ul class="places">
              {PLACES.map(({ path, name }) => (
                <li>
                  <a href={path}>{name}</a>
                </li>
              ))}
            </ul>
          </div>
        ),
      }),
    ),
  )
