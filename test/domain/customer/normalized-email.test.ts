import { expect, test } from 'vitest'
import { normalizedEmail } from '../../../domain/customer/normalized-email.ts'

test.each([
  ['Ada@Example.COM', 'ada@example.com'],
  [' ada+shop@example.com ', 'ada@example.com'],
  ['a.d.a@gmail.com', 'ada@gmail.com'],
  ['A.da+x+y@GoogleMail.com', 'ada@gmail.com'],
  ['a.da@example.com', 'a.da@example.com'],
  ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@XN--BCHER-KVA.example.', 'ada@xn--bcher-kva.example'],
  ['ａｄａ@example.com', 'ada@example.com'],
  ['"a@b"@example.com', '"a@b"@example.com'],
  ['+tag@example.com', '+tag@example.com'],
  ['ada@example.com/path', 'ada@example.com/path'],
  ['ada@', 'ada@'],
  ['nobody', 'nobody'],
  ['@example.com', '@example.com'],
])('%s is the mailbox %s', (address, mailbox) => {
  expect(normalizedEmail(address)).toBe(mailbox)
  expect(normalizedEmail(mailbox)).toBe(mailbox)
})
