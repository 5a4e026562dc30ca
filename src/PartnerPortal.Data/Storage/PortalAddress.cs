namespace PartnerPortal.Data.Storage;

/// <summary>Where people reach the portal, for links in messages. Setting <c>Portal__Url</c>.</summary>
/// <param name="Public">An absolute http or https address that ends with a slash; null while nobody said it.</param>
public sealed record PortalAddress(Uri? Public)
{
    /// <summary>Reads the setting.</summary>
    /// <exception cref="FormatException">It is no web address; the message names the setting.</exception>
    public static PortalAddress Read(string? setting)
    {
        if (string.IsNullOrWhiteSpace(setting))
        {
            return new((Uri?)null);
        }

        return Uri.TryCreate(setting.Trim().TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new(address)
            : throw new FormatException($"Portal__Url: \"{setting}\" is not a web address. Write it like https://portal.example.com.");
    }
}
