/** What the tokens of the sandbox's login service say of the tenant and of the one who logged in. */
import { systemInfo } from './system-info.ts';
import type { User } from './users.ts';

/** The serial number of the tenant's database, which tokens of a system user are for. */
export const serial = systemInfo.License?.SerialNr ?? '';

/** The name of a claim. */
export const claim = (name: string): string => `http://schemes.superoffice.net/identity/${name}`;

/** The claims that every token holds. @param url Where the tenant is served. */
export function tenantClaims(tenant: string, url: string, user: User): Readonly<Record<string, unknown>> {
  return {
    [claim('ctx')]: tenant,
    [claim('associateid')]: String(user.associateId),
    [claim('identityprovider')]: 'SuperOffice AS',
    [claim('is_administrator')]: user.roleId === 1 ? 'True' : 'False',
    [claim('serial')]: serial,
    [claim('netserver_url')]: `${url}/Remote/Services88/`,
    [claim('webapi_url')]: `${url}/api/`,
  };
}

/** What an id token says besides: who it is. */
export function personClaims({ username, fullName }: User): Readonly<Record<string, unknown>> {
  const email = `${username}@example.com`;
  return {
    sub: email,
    [claim('upn')]: email,
    [claim('email')]: email,
    [claim('so_primary_email_address')]: email,
    [claim('initials')]: fullName.replace(/[^A-Z]/g, ''),
    [claim('company_name')]: systemInfo.CompanyName,
  };
}
