using PartnerPortal.TestKit;

[assembly: AssemblyFixture(typeof(TestServer))]
