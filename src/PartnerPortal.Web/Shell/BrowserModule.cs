using Microsoft.JSInterop;

namespace PartnerPortal.Web.Shell;

/// <summary>Calls functions of the portal's scripts, which the browser loads when they are needed.</summary>
internal static class BrowserModule
{
    /// <summary>Loads a script and calls one of its functions.</summary>
    /// <param name="js">The page's browser.</param>
    /// <param name="script">The script's fingerprinted address, from <c>Assets</c>.</param>
    /// <param name="function">An exported function.</param>
    /// <param name="cancel">Ends the wait when the page is left.</param>
    /// <param name="arguments">What the function gets.</param>
    /// <returns>What the function answered; nothing when the browser left meanwhile.</returns>
    public static async Task<T?> CallAsync<T>(this IJSRuntime js, string script, string function, CancellationToken cancel, params object?[] arguments)
    {
        try
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", cancel, "./" + script);
            return await module.InvokeAsync<T>(function, cancel, arguments);
        }
        catch (JSDisconnectedException)
        {
            return default;
        }
    }
}
