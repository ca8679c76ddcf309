//! Scores a trace: adds it to an annotation queue, and gives it stars there.
//!
//! Reads `GALILEO_API_KEY`, `GALILEO_PROJECT_ID`, `GALILEO_LOG_STREAM_ID`, `ANNOTATION_QUEUE_ID`, `ANNOTATION_TEMPLATE_ID`
//! and `TRACE_ID` from the environment. The template belongs to the queue and asks for stars.

use std::env;
use std::error::Error;

use observatory_galileo::Client;
use observatory_galileo::models::{
    AddRecordsToQueueRequest, AnnotationQueueRecordsByRecordIds, AnnotationRatingCreate,
    StarRating,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let galileo = Client::from_env()?;
    let project = env::var("GALILEO_PROJECT_ID")?;
    let log_stream = env::var("GALILEO_LOG_STREAM_ID")?;
    let queue = env::var("ANNOTATION_QUEUE_ID")?;
    let template = env::var("ANNOTATION_TEMPLATE_ID")?;
    let trace = env::var("TRACE_ID")?;
    add_to_queue(&galileo, &queue, &project, &log_stream, &trace).await?;
    score(&galileo, &queue, &template, &trace).await
}

/// Adds a trace of a log stream to a queue.
pub async fn add_to_queue(
    galileo: &Client,
    queue: &str,
    project: &str,
    log_stream: &str,
    trace: &str,
) -> Result<(), Box<dyn Error>> {
    let records = AnnotationQueueRecordsByRecordIds::new([trace.to_owned()]);
    // The run of a trace is its log stream.
    let request = AddRecordsToQueueRequest::new(project, log_stream, records);
    let queues = galileo.annotation_queue_records();
    queues
        .add_records_to_annotation_queue(queue, request)
        .await?;
    Ok(())
}

/// Gives a trace of a queue five stars.
pub async fn score(
    galileo: &Client,
    queue: &str,
    template: &str,
    trace: &str,
) -> Result<(), Box<dyn Error>> {
    let rating =
        AnnotationRatingCreate::new(StarRating::new(5)).explanation("responded at once");
    let queues = galileo.annotation_queue_records();
    queues.create_rating(queue, trace, template, rating).await?;
    Ok(())
}
