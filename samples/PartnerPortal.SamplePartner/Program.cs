using PartnerPortal.SamplePartner;

await SamplePartnerApp.Build(args).RunAsync();
