using System.Globalization;
using PartnerPortal.Domain;

namespace PartnerPortal.Web.Shell;

/// <summary>Versions of things as ETags: <c>"123"</c> in ETag and If-Match.</summary>
public static class ApiVersions
{
    /// <summary>The version that If-Match names; null when the header is absent or <c>*</c>.</summary>
    public static uint? ReadVersion(this HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString().Trim();
        if (text is "" or "*")
        {
            return null;
        }

        text = text.StartsWith("W/", StringComparison.Ordinal) ? text[2..] : text;
        return uint.TryParse(text.Trim('"'), CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new ChangedMeanwhile();
    }

    /// <summary>The version that If-Match must name.</summary>
    public static uint NeedVersion(this HttpRequest request) => request.ReadVersion() ?? throw new VersionNeeded();

    /// <summary>Sets the ETag of the answer.</summary>
    public static void WriteVersion(this HttpResponse response, uint version) =>
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
