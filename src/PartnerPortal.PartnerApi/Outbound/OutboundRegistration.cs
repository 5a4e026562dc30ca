using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace PartnerPortal.PartnerApi.Outbound;

/// <summary>Puts the guarded client into a host.</summary>
public static class OutboundRegistration
{
    /// <summary>Registers <see cref="GuardedHttpClient"/>, <see cref="OutboundAddress"/> and <see cref="AllowedList"/>, and reads the section <c>Portal:Outbound</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="FormatException">A setting cannot be used; the message names it. Thrown here, so the start stops before anything runs.</exception>
    public static IServiceCollection AddGuardedOutbound(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Portal:Outbound");
        _ = AllowedList.Parse(section["Allowed"]);
        _ = Authorities(section["AuthoritiesFile"]);
        if (section["PerDestination"] is { } slots && (!int.TryParse(slots, out var count) || count is < 1 or > 64))
        {
            throw new FormatException($"Portal__Outbound__PerDestination: \"{slots}\" is not a number from 1 to 64.");
        }

        services.AddOptions<OutboundOptions>().Configure(options =>
        {
            options.Allowed = section["Allowed"];
            options.AuthoritiesFile = section["AuthoritiesFile"];
            options.PerDestination = section["PerDestination"] is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : options.PerDestination;
        });
        services.AddSingleton(p => AllowedList.Parse(Options(p).Allowed, Options(p).Endpoints));
        services.AddSingleton(p => new OutboundAddress(p.GetRequiredService<AllowedList>()));
        services.AddSingleton(p => new GuardedHttpClient(p.GetRequiredService<AllowedList>(), Options(p).PerDestination, Authorities(Options(p).AuthoritiesFile)));
        return services;
    }

    private static OutboundOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<OutboundOptions>>().Value;

    private static X509Certificate2Collection? Authorities(string? file)
    {
        if (string.IsNullOrWhiteSpace(file))
        {
            return null;
        }

        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found.Count > 0 ? found : throw new FormatException($"Portal__Outbound__AuthoritiesFile: {file} holds no certificate.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"Portal__Outbound__AuthoritiesFile: {file} cannot be read as a PEM file of certificates.", cause);
        }
    }
}
