/** The contract of the neighbours of the ErpSync agent: archives, and the service where tickets come from. */
import {
  ArchiveColumnInfo,
  ArchiveListItem,
  ArchiveOrderByInfo,
  ArchiveRestrictionInfo,
} from './archive-carriers.ts';
import { AuthenticateResponse, AuthenticationGenericData, SoSystemInfoCarrier } from './login-carriers.ts';
import { none, read } from './operation.ts';
import { int32, list, string } from './wire-types.ts';

/** The operations of the Archive agent that erpsync uses: rows of a provider, page by page. */
export const archive = {
  GetArchiveListByColumns: read(
    {
      ProviderName: string,
      Columns: list(string),
      SortOrder: list(ArchiveOrderByInfo),
      Restriction: list(ArchiveRestrictionInfo),
      Entities: list(string),
      Page: int32,
      PageSize: int32,
    },
    list(ArchiveListItem),
  ),
  GetAvailableColumns: read({ ProviderName: string, Context: string }, list(ArchiveColumnInfo)),
  GetArchiveListByColumns2: read(
    {
      ProviderName: string,
      Columns: string,
      SortOrder: string,
      Restrictions: string,
      Entities: string,
      Page: int32,
      PageSize: int32,
    },
    list(ArchiveListItem),
  ),
};

const login = { soapOnly: true, soap: { element: 'AuthenticateResponse', result: 'members' } } as const;

/** The operations of the SoPrincipal service: logins that answer a ticket. */
export const soPrincipal = {
  GetSystemInfo: read(none, SoSystemInfoCarrier, { soapOnly: true, soap: { result: 'SystemInfo' } }),
  AuthenticateImplicit: read(none, AuthenticateResponse, login),
  AuthenticateUsernamePassword: read({ UserName: string, Password: string }, AuthenticateResponse, login),
  AuthenticateGeneric: read({ AuthenticationData: AuthenticationGenericData }, AuthenticateResponse, login),
  AuthenticateWithAccessToken: read({ AccessToken: string }, AuthenticateResponse, login),
};
