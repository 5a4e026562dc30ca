using PartnerPortal.PartnerApi.Outbound;

namespace PartnerPortal.Web.Shell;

/// <summary>Puts the demo into the portal: five believable partners, and a music shop that can be broken.</summary>
public static class DemoRegistration
{
    private const string Flag = "--demo";

    /// <summary>The arguments without <c>--demo</c>, which would otherwise take the argument after it as its value.</summary>
    public static string[] WithoutDemo(this string[] args) => [.. args.Where(argument => argument != Flag)];

    /// <summary>Adds the demo if the settings name a sample partner; otherwise only the knowledge that there is none.</summary>
    /// <exception cref="FormatException">A setting cannot be used, or <c>--demo</c> was given without one.</exception>
    public static WebApplicationBuilder AddDemo(this WebApplicationBuilder builder, string[] args)
    {
        var demo = DemoOptions.Read(builder.Configuration, builder.Configuration["urls"]);
        if (args.Contains(Flag) && !demo.On)
        {
            throw new FormatException("--demo needs the sample partner: start with “./portal up --demo”, or set Portal__Demo__Url to where it runs.");
        }

        builder.Services.AddSingleton(demo);
        if (demo.On)
        {
            builder.Services.Configure<OutboundOptions>(outbound => outbound.Endpoints.Add(demo.Address));
            builder.Services.AddSingleton<DemoShopClient>();
            builder.Services.AddSingleton<DemoSeed>();
            builder.Services.AddHostedService<DemoPartnerProcess>();
            builder.Services.AddHostedService(services => services.GetRequiredService<DemoSeed>());
        }

        return builder;
    }
}
