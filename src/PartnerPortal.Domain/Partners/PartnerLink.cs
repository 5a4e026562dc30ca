namespace PartnerPortal.Domain.Partners;

/// <summary>A web page that belongs to the partner: documentation, console, status page, ticket portal.</summary>
/// <param name="Kind">What is there, in a word or two.</param>
/// <param name="Url">An http(s) address.</param>
public sealed record PartnerLink(string Kind, string Url);
