using PartnerPortal.BrowserTests;
using PartnerPortal.TestKit;

[assembly: AssemblyFixture(typeof(TestServer))]
[assembly: AssemblyFixture(typeof(Chromium))]
