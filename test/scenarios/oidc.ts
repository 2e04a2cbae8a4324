/** An identity provider, as `authenticate` of a route takes it. */
export const OIDC = {
  issuer: "https://accounts.example.com",
  authorizationEndpoint: "https://accounts.example.com/authorize",
  tokenEndpoint: "https://accounts.example.com/token",
  userInfoEndpoint: "https://accounts.example.com/userinfo",
  clientId: "talks",
  clientSecret: "ssm:/oidc",
};
