import type * as Acm from "@aws-sdk/client-acm";
import type { Operation } from "../operation.js";

export interface AcmApi {
  listCertificates: Operation<Acm.ListCertificatesCommandInput, Acm.ListCertificatesCommandOutput>;
  describeCertificate: Operation<Acm.DescribeCertificateCommandInput, Acm.DescribeCertificateCommandOutput>;
  requestCertificate: Operation<Acm.RequestCertificateCommandInput, Acm.RequestCertificateCommandOutput>;
  deleteCertificate: Operation<Acm.DeleteCertificateCommandInput, Acm.DeleteCertificateCommandOutput>;
  addTagsToCertificate: Operation<
    Acm.AddTagsToCertificateCommandInput,
    Acm.AddTagsToCertificateCommandOutput
  >;
  listTagsForCertificate: Operation<
    Acm.ListTagsForCertificateCommandInput,
    Acm.ListTagsForCertificateCommandOutput
  >;
}
