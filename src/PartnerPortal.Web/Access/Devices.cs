namespace PartnerPortal.Web.Access;

/// <summary>What people call a device, from what its browser says of itself.</summary>
public static class Devices
{
    private static readonly (string Sign, string Name)[] Browsers =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Sign, string Name)[] Systems =
        [("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"), ("Android", "Android"), ("Linux", "Linux")];

    /// <summary>"Firefox on Linux"; "unknown device" when nothing is recognised.</summary>
    public static string Name(string? userAgent)
    {
        var browser = Browsers.FirstOrDefault(b => userAgent?.Contains(b.Sign, StringComparison.Ordinal) == true).Name;
        var system = Systems.FirstOrDefault(s => userAgent?.Contains(s.Sign, StringComparison.Ordinal) == true).Name;
        return (browser, system) switch
        {
            (null, null) => "unknown device",
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser} on {system}",
        };
    }
}
