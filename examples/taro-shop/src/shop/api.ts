import Taro from '@tarojs/taro'
import type { Address, Category, Home, Page, Product } from './types'

// The shop's own server. A platform lets a mini program call the domains that its developer registered.
const server = 'https://shop.minimart.example'

/** A failed call: words for the visitor and, for forms, one entry per wrong field. */
export class CallError extends Error {
  constructor(message: string, readonly fields: Record<string, string> = {}) {
    super(message)
    Object.setPrototypeOf(this, CallError.prototype)
  }
}

async function call<T>(method: 'GET' | 'POST', path: string, data?: object): Promise<T> {
  let answer: Taro.request.SuccessCallbackResult<any>
  try {
    answer = await Taro.request({
      url: server + path,
      method,
      data,
      header: { 'content-type': 'application/json' },
      timeout: 10000
    })
  } catch (e) {
    throw new CallError('网络好像断开了，请稍后再试')
  }
  if (answer.statusCode >= 200 && answer.statusCode < 300) return answer.data
  const fields: Record<string, string> = {}
  for (const f of answer.data?.fields || []) fields[f.field] = f.message
  throw new CallError(answer.data?.detail || `服务器没有正确回答（${answer.statusCode}）`, fields)
}

export const fetchHome = () => call<Home>('GET', '/api/home')

export const fetchCategories = () => call<{ categories: Category[] }>('GET', '/api/categories').then(a => a.categories)

export const fetchProduct = (id: string) => call<Product>('GET', `/api/products/${encodeURIComponent(id)}`)

export const fetchProducts = (query: { q?: string; sort?: string; cursor?: string; limit?: number }) =>
  call<Page>('GET', '/api/products', query)

export const sendAddress = (a: Address) => call<Address>('POST', '/api/addresses', a)

export const sendFeedback = (f: { topics: string[]; score: number; content: string; phone: string }) =>
  call<{ id: string }>('POST', '/api/feedback', f)

export const messageOf = (e: unknown) => (e instanceof Error ? e.message : String(e))
