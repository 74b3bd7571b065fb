import { getJson, request } from './client';

export type PostName =
  'department_head' | 'general_manager' | 'crisis_management' | 'operations' | 'auditor' | 'administrator';

export interface Post {
  post: PostName;
  department_id: string;
  department_name: string;
  valid_to: string | null;
}

/** GET /v1/session */
export interface WhoAmI {
  person_id: string;
  username: string;
  name: string;
  expires_at: string;
  posts: Post[];
  may_do: string[];
}

export function showSession(): Promise<WhoAmI> {
  return getJson<WhoAmI>('/v1/session');
}

/** The session's cookie is the server's to set and never seen here. `otp`: only where the API asked for one (`otp_required`). */
export async function startSession(username: string, password: string, otp: string | null): Promise<void> {
  const asked = { username, password, cookie: true, ...(otp === null ? {} : { otp }) };
  await request('/v1/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(asked),
  });
}

export async function endSession(): Promise<void> {
  await request('/v1/session', { method: 'DELETE' });
}
