using PartnerPortal.Data.Storage;

namespace PartnerPortal.Web.Incidents;

/// <summary>The portal's own address, for what is pasted elsewhere.</summary>
internal static class PublicRootExtension
{
    /// <summary>What Portal__Url says, else how this request came here. Without a slash at its end.</summary>
    public static string PublicRoot(this HttpContext http) =>
        http.RequestServices.GetRequiredService<PortalAddress>().Public is { } address ? address.ToString().TrimEnd('/') : $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
}
