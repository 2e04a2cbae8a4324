import type {
  AcmApi,
  EcrApi,
  LogsApi,
  Route53Api,
  SchedulerApi,
  ServiceDiscoveryApi,
  SsmApi,
  StsApi,
  TaggingApi,
  WafApi,
} from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf, nameOf } from "../../core/arn.js";
import { onAll, passRole, type PermissionTable } from "../required-permission.js";
import { taggingAtCreate } from "../request-tags.js";

const repository = (account: Account, name = "*"): string => arnOf(account, "ecr", `repository/${name}`);

const onRepository = (
  { repositoryName }: { repositoryName?: string | undefined },
  account: Account,
): string => repository(account, repositoryName);

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon ECR". */
export const ECR: PermissionTable<EcrApi> = {
  createRepository: (input, account) => [
    onRepository(input, account),
    ...taggingAtCreate(input, "ecr:TagResource", onRepository(input, account)),
  ],
  describeRepositories: ({ repositoryNames }, account) =>
    repositoryNames?.map((name) => repository(account, name)) ?? repository(account),
  putImageTagMutability: onRepository,
  putImageScanningConfiguration: onRepository,
  getLifecyclePolicy: onRepository,
  putLifecyclePolicy: onRepository,
  deleteRepository: onRepository,
  listTagsForResource: ({ resourceArn = "*" }) => resourceArn,
  tagResource: ({ resourceArn = "*" }) => resourceArn,
  listImages: onRepository,
  batchGetImage: onRepository,
  getAuthorizationToken: onAll,
};

const logGroup = (account: Account, name = "*"): string => arnOf(account, "logs", `log-group:${name}`);

const onLogGroup = ({ logGroupName }: { logGroupName?: string | undefined }, account: Account): string =>
  // AWS checks the ARN of the group with an empty stream.
  `${logGroup(account, logGroupName)}:log-stream:`;

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch Logs". */
export const LOGS: PermissionTable<LogsApi> = {
  createLogGroup: (input, account) => [
    onLogGroup(input, account),
    ...taggingAtCreate(input, "logs:TagResource", onLogGroup(input, account)),
  ],
  describeLogGroups: (_, account) => onLogGroup({ logGroupName: "" }, account),
  putRetentionPolicy: onLogGroup,
  deleteRetentionPolicy: onLogGroup,
  associateKmsKey: ({ logGroupName, resourceIdentifier }, account) =>
    resourceIdentifier ?? onLogGroup({ logGroupName }, account),
  deleteLogGroup: onLogGroup,
  listTagsForResource: ({ resourceArn = "*" }) => resourceArn,
  tagResource: ({ resourceArn = "*" }) => resourceArn,
  describeLogStreams: onLogGroup,
  filterLogEvents: onLogGroup,
};

const scheduleGroup = (account: Account, name = "default"): string =>
  arnOf(account, "scheduler", `schedule-group/${name}`);

const onSchedule = (
  { GroupName = "default", Name = "*" }: { GroupName?: string | undefined; Name?: string | undefined },
  account: Account,
): string => arnOf(account, "scheduler", `schedule/${GroupName}/${Name}`);

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EventBridge Scheduler". */
export const SCHEDULER: PermissionTable<SchedulerApi> = {
  createScheduleGroup: (input, account) => [
    scheduleGroup(account, input.Name),
    ...taggingAtCreate(input, "scheduler:TagResource", scheduleGroup(account, input.Name)),
  ],
  getScheduleGroup: ({ Name }, account) => scheduleGroup(account, Name),
  deleteScheduleGroup: ({ Name }, account) => scheduleGroup(account, Name),
  createSchedule: (input, account) => [
    onSchedule(input, account),
    ...passRole(input.Target?.RoleArn, "scheduler.amazonaws.com"),
  ],
  getSchedule: onSchedule,
  updateSchedule: (input, account) => [
    onSchedule(input, account),
    ...passRole(input.Target?.RoleArn, "scheduler.amazonaws.com"),
  ],
  deleteSchedule: onSchedule,
  listSchedules: onAll,
  listTagsForResource: ({ ResourceArn = "*" }) => ResourceArn,
  tagResource: ({ ResourceArn = "*" }) => ResourceArn,
};

/** Public parameters, such as the recommended AMIs, belong to no account. */
export const SSM: PermissionTable<SsmApi> = {
  getParameter: ({ Name = "" }, account) =>
    arnOf(
      Name.startsWith("/aws/service/") ? { ...account, accountId: "" } : account,
      "ssm",
      `parameter/${Name.replace(/^\//, "")}`,
    ),
};

/** Everyone may ask who they are, whatever their policies are. */
export const STS: PermissionTable<StsApi> = { getCallerIdentity: () => [] };

export const TAGGING: PermissionTable<TaggingApi> = { getResources: onAll };

const onCertificate = ({ CertificateArn = "*" }: { CertificateArn?: string | undefined }): string =>
  CertificateArn;

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Certificate Manager". */
export const ACM: PermissionTable<AcmApi> = {
  listCertificates: onAll,
  describeCertificate: onCertificate,
  requestCertificate: (input, account) => [
    // It has no resource-level permissions; its tags are checked as those of a request.
    ...taggingAtCreate(input, "acm:RequestCertificate", "*"),
    ...taggingAtCreate(input, "acm:AddTagsToCertificate", arnOf(account, "acm", "certificate/*")),
    ...((input.Tags ?? []).length === 0 ? ["*"] : []),
  ],
  deleteCertificate: onCertificate,
  addTagsToCertificate: onCertificate,
  listTagsForCertificate: onCertificate,
};

const zone = ({ partition }: Account, id = "*"): string =>
  `arn:${partition}:route53:::hostedzone/${id.replace(/^\/hostedzone\//, "")}`;

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon Route 53". */
export const ROUTE53: PermissionTable<Route53Api> = {
  listHostedZones: onAll,
  getHostedZone: ({ Id }, account) => zone(account, Id),
  listResourceRecordSets: ({ HostedZoneId }, account) => zone(account, HostedZoneId),
  changeResourceRecordSets: ({ HostedZoneId, ChangeBatch }, account) => {
    const names = (ChangeBatch?.Changes ?? []).map(({ ResourceRecordSet }) =>
      // IAM compares normalized names: in lower case, without the dot at the end.
      (ResourceRecordSet?.Name ?? "").toLowerCase().replace(/\.$/, "").replace(/^\*/, "\\052"),
    );
    return {
      action: "route53:ChangeResourceRecordSets",
      resource: zone(account, HostedZoneId),
      keys: { "route53:ChangeResourceRecordSetsNormalizedRecordNames": names },
    };
  },
  getChange: ({ Id = "*" }, { partition }) =>
    `arn:${partition}:route53:::change/${Id.replace(/^\/change\//, "")}`,
};

const onNamespace = ({ Id = "*" }: { Id?: string | undefined }, account: Account): string =>
  Id.startsWith("arn:") ? Id : arnOf(account, "servicediscovery", `namespace/${Id}`);

const onService = ({ Id = "*" }: { Id?: string | undefined }, account: Account): string =>
  Id.startsWith("arn:") ? Id : arnOf(account, "servicediscovery", `service/${Id}`);

/** Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Cloud Map". */
export const SERVICE_DISCOVERY: PermissionTable<ServiceDiscoveryApi> = {
  // It has no resource-level permissions; its tags are checked as those of a request.
  createHttpNamespace: (input, account) => [
    "*",
    ...taggingAtCreate(
      input,
      "servicediscovery:TagResource",
      arnOf(account, "servicediscovery", "namespace/*"),
    ),
  ],
  // Source: Cloud Map Developer Guide, "AWS Cloud Map API permissions reference".
  createPrivateDnsNamespace: (input, account) => [
    "*",
    ...["route53:CreateHostedZone", "route53:GetHostedZone", "route53:ListHostedZonesByName"].map(
      (action) => ({ action, resource: "*" }),
    ),
    ...["ec2:DescribeVpcs", "ec2:DescribeRegions"].map((action) => ({ action, resource: "*" })),
    ...taggingAtCreate(
      input,
      "servicediscovery:TagResource",
      arnOf(account, "servicediscovery", "namespace/*"),
    ),
  ],
  createService: (input, account) => [
    onNamespace({ Id: input.NamespaceId }, account),
    ...taggingAtCreate(
      input,
      "servicediscovery:TagResource",
      arnOf(account, "servicediscovery", "service/*"),
    ),
  ],
  getService: onService,
  updateService: onService,
  deleteService: onService,
  listInstances: ({ ServiceId }, account) => onService({ Id: ServiceId }, account),
  deregisterInstance: ({ ServiceId }, account) => onService({ Id: ServiceId }, account),
  deleteNamespace: (input, account) => {
    const { hostedZoneId } = account.serviceDiscovery.namespaces.get(nameOf(input.Id ?? "")) ?? {};
    return [
      onNamespace(input, account),
      ...(hostedZoneId === undefined
        ? []
        : [{ action: "route53:DeleteHostedZone", resource: zone(account, hostedZoneId) }]),
    ];
  },
  getOperation: onAll,
  listNamespaces: onAll,
  listServices: onAll,
  listTagsForResource: onAll,
  tagResource: ({ ResourceARN = "*" }) => ResourceARN,
};

const setsWebAcl = (resource = "*") => ({ action: "elasticloadbalancing:SetWebACL", resource });

/** Source: AWS WAF Developer Guide, permissions for AssociateWebACL, DisassociateWebACL and GetWebACLForResource. */
export const WAF: PermissionTable<WafApi> = {
  associateWebACL: ({ WebACLArn = "*", ResourceArn }) => [WebACLArn, setsWebAcl(ResourceArn)],
  disassociateWebACL: ({ ResourceArn }) => ["*", setsWebAcl(ResourceArn)],
  getWebACLForResource: ({ ResourceArn = "" }, { waf }) => {
    const arn = waf.associations.get(ResourceArn);
    return ["*", ...(arn === undefined ? [] : [{ action: "wafv2:GetWebACL", resource: arn }])];
  },
};
