// #region listen
import { localCloud } from "quayside/local";

const cloud = localCloud();
const { url, close } = await cloud.listen({ port: 0 }); // 0: any free port
console.log(`AWS_ENDPOINT_URL=${url}`); // for the AWS CLI, boto3, Terraform, any SDK
// #endregion listen

await close();
await cloud.close();
export default () => url;
