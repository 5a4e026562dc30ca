using PartnerPortal.Web.Access;
using PartnerPortal.Web.Shell;

var builder = PortalHost.CreateBuilder(args.WithoutDemo());
builder.AddDemo(args);
await using var database = await builder.OpenDatabaseAsync();
builder.Services.AddPortal(builder.Configuration, database);

var app = builder.Build();
app.UsePortal();
app.MapPortal();
await app.PrepareAsync();
await app.RunAsync();
