import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startMailInbox } from '../../dev/mail/inbox.ts'
import { storedMail, type StoredMail } from '../../dev/mail/store.ts'
import { anyFreePort } from '../../dev/ports.ts'

type Inbox = { url: string; send: (mail: object) => Promise<unknown>; stop: () => Promise<void> }

let directory: string
let inbox: Inbox

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'perennial-mail-'))
  inbox = await openInbox()
})

afterEach(async () => {
  await inbox.stop()
  await rm(directory, { recursive: true })
})

test('a message that is sent can be read, in the list and alone', async () => {
  await inbox.send(aMail({ subject: 'Your trial ends <soon>', html: '<b>Hello</b>' }))

  const [mail] = await messages()
  expect(mail).toMatchObject({
    message_id: '<one@test>',
    from: '"Perennial" <billing@example.test>',
    to: ['ada@example.test'],
    subject: 'Your trial ends <soon>',
    text: 'Hello',
    html: '<b>Hello</b>',
  })
  expect(await page('/')).toContain('Your trial ends &lt;soon&gt;')
  expect(await page(`/messages/${mail!.id}`)).toContain(`src="/messages/${mail!.id}/html"`)
})

test('a message sent twice under one Message-ID is kept once', async () => {
  await Promise.all([inbox.send(aMail()), inbox.send(aMail())])
  await inbox.send(aMail())
  await inbox.send(aMail({ messageId: '<two@test>' }))

  const kept = await messages()
  expect(kept.map((mail) => mail.message_id)).toEqual(['<two@test>', '<one@test>'])
})

test('messages and the record of received Message-IDs survive a restart', async () => {
  await inbox.send(aMail())
  await inbox.stop()
  inbox = await openInbox()

  await inbox.send(aMail())
  expect(await messages()).toHaveLength(1)
})

test('messages can be listed by recipient, including one in copy', async () => {
  await inbox.send(aMail({ cc: 'grace@example.test' }))
  expect(await messages('?to=grace@example.test')).toHaveLength(1)
  expect(await messages('?to=nobody@example.test')).toHaveLength(0)
})

test('a message cannot run scripts, however it is opened', async () => {
  await inbox.send(aMail({ html: '<script>alert(1)</script>' }))
  const [mail] = await messages()
  const response = await fetch(`${inbox.url}/messages/${mail!.id}/html`)
  expect(response.headers.get('content-security-policy')).toMatch(/^sandbox .*default-src 'none'/)
})

test('deleting all messages empties the inbox for good', async () => {
  await inbox.send(aMail())
  const response = await fetch(`${inbox.url}/api/messages`, { method: 'DELETE' })
  expect(response.status).toBe(204)
  await inbox.stop()
  inbox = await openInbox()
  expect(await messages()).toEqual([])
})

function aMail(change: object = {}) {
  return {
    messageId: '<one@test>',
    from: 'Perennial <billing@example.test>',
    to: 'ada@example.test',
    subject: 'Welcome',
    text: 'Hello',
    ...change,
  }
}

async function openInbox(): Promise<Inbox> {
  const [smtpPort, pagePort] = await Promise.all([anyFreePort(), anyFreePort()])
  const { stop } = await startMailInbox({
    directory,
    smtpPort,
    pagePort,
    clock: { now: () => new Date() },
    onProblem: (problem) => expect.fail(problem),
  })
  const transport = createTransport(`smtp://127.0.0.1:${smtpPort}`)
  return {
    url: `http://127.0.0.1:${pagePort}`,
    send: (mail) => transport.sendMail(mail),
    stop,
  }
}

async function messages(query = ''): Promise<StoredMail[]> {
  const response = await fetch(`${inbox.url}/api/messages${query}`)
  return z.object({ messages: z.array(storedMail) }).parse(await response.json()).messages
}

async function page(path: string): Promise<string> {
  return await (await fetch(`${inbox.url}${path}`)).text()
}
