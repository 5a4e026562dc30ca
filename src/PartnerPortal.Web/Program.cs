using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

StartFailure.TellPlainly();
using var interrupt = new StartInterrupt();
var builder = PortalHost.CreateBuilder(args.WithoutDemo());
builder.AddDemo(args);
await using var database = await builder.OpenDatabaseAsync(interrupt.Token);
builder.Services.AddPortal(builder.Configuration, database);

var app = builder.Build();
app.UsePortal();
app.MapPortal();
await app.PrepareAsync();
await app.RunAsync(interrupt.Token);
