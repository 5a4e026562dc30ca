namespace PartnerPortal.Domain.Incidents;

/// <summary>An incident as a person declares it.</summary>
/// <param name="Partner">Slug of the partner; absent when it is on us alone.</param>
/// <param name="Integration">Slug of the integration; absent means the first.</param>
/// <param name="Title">What is wrong, 1 to 200 characters; made from what users see when absent.</param>
/// <param name="WhatUsersSee">What users cannot do, at most 2000 characters.</param>
/// <param name="Severity">critical, warning or info; absent means critical when it pages, else warning.</param>
/// <param name="Page">Whether somebody is called now; absent means yes.</param>
public sealed record IncidentDraft(
    string? Partner = null, string? Integration = null, string? Title = null, string? WhatUsersSee = null, string? Severity = null, bool? Page = null);

/// <summary>Details that a person changes; what is null stays.</summary>
/// <param name="Title">What is wrong, 1 to 200 characters.</param>
/// <param name="WhatUsersSee">What users cannot do, at most 2000 characters.</param>
/// <param name="Severity">critical, warning or info.</param>
/// <param name="Bridge">Where people talk: a web address or a number, at most 500 characters.</param>
/// <param name="TheirTicket">The partner's own number for it, at most 200 characters.</param>
public sealed record IncidentChange(string? Title = null, string? WhatUsersSee = null, string? Severity = null, string? Bridge = null, string? TheirTicket = null);

/// <summary>What an incident is opened with; see <see cref="Incident"/> for each part.</summary>
public sealed record IncidentReport(
    Guid? PartnerId, Guid? IntegrationId, string Group, string Title, string WhatUsersSee, Severity Severity, Urgency Urgency, Onset Onset, string OpenedBy);
